"""From a projection to answers: ranking, coverage, how far the data carry, the published study beside it."""
