"""Networks in their plain form: slow, easy to compare with the description, the measure of the fast ones."""
