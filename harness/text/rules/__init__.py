"""Rules of cleaning: one function each, with what it does, why, and what it wrongly catches."""
