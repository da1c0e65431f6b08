"""Networks that caption pictures: transformers' own classes, loaded strictly and run so that they can
be cancelled at any moment. Called by the captioners of `describe`."""
