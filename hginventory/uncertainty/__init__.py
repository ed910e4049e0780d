"""From a projection to an ensemble and back: which factor varies how, together with what, and what came out."""
