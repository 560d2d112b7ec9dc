def make_smollm2(*a): pass
