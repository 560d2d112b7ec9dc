"""The work of ClosedForm/GaussianRecursion.cs in NumPy, as fast as it goes in one process: the quickest of its generators, memory that is
reused and stays in the cache, moments without temporary arrays. Writes its version when it is warm; runs once for each seed it reads."""
import sys

import numpy as np

SAMPLES, FITS, REPETITIONS = (int(argument) for argument in sys.argv[1:4])
TOGETHER = 100  # repetitions at a time: of 10, 25, 100 and 1,000 the fastest at 1,000 samples


def run(fits, seed):
    random = np.random.Generator(np.random.SFC64(seed))
    memory, ones = np.empty((min(TOGETHER, REPETITIONS), SAMPLES)), np.ones(SAMPLES)
    total = 0.0
    for start in range(0, REPETITIONS, TOGETHER):
        draws = memory[:min(TOGETHER, REPETITIONS - start)]
        mean, deviation = np.zeros(len(draws)), np.ones(len(draws))
        for _ in range(fits):
            random.standard_normal(out=draws)
            centre = draws @ ones / SAMPLES
            variance = np.einsum("ij,ij->i", draws, draws) / SAMPLES - centre * centre
            mean += deviation * centre
            deviation *= np.sqrt(variance)
        total += np.log(deviation).sum()
    return total


run(2, 0)
print(np.__version__, flush=True)
for line in sys.stdin:
    print(repr(float(run(FITS, int(line)))), flush=True)
