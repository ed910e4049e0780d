"""Ground floor: distributions and draws. It knows no mercury, only numbers and arrays."""
