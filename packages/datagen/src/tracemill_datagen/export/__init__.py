"""The forms in which a dataset leaves the house; ``form.py`` lists them."""
