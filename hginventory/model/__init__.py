"""Parameters to kilograms: small functions on plain arrays, one physical step each."""
