"""How a loaded model is asked: every shared token once, in batches by a budget of tokens."""
