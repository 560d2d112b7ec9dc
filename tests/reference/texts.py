def make_tokenizer(*a): pass
