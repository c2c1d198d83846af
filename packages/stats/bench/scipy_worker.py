"""Measures scipy on request: one JSON line in, one JSON line out. CPU time of this process, so that load does not count."""
import json
import sys
import time
import warnings

import numpy as np
import scipy
from scipy import stats

warnings.filterwarnings("ignore")
arrays = {}


def load(name, path, dtype, rows):
    arrays[name] = np.fromfile(path, dtype=dtype).reshape(rows, -1)
    return arrays[name].size


def timed(work, repeats):
    start = time.process_time()
    for _ in range(repeats):
        value = work()
    return (time.process_time() - start) / repeats, value


def ks_rows(x, y, method):
    x, y = arrays[x], arrays[y]
    return lambda: [stats.ks_2samp(x[i], y[i], method=method).pvalue for i in range(len(x))][-1]


def handle(request):
    kind = request["kind"]
    if kind == "version":
        return {"seconds": 0, "value": 0, "version": f"scipy {scipy.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}"}
    if kind == "load":
        return {"seconds": 0, "value": load(request["name"], request["path"], request["dtype"], request["rows"])}
    if kind == "ks":
        work = ks_rows(request["x"], request["y"], request["method"])
    elif kind == "kstwo":
        work = lambda: stats.kstwo.sf(request["d"], request["n"])
    else:
        raise ValueError(kind)
    seconds, value = timed(work, request["repeats"])
    return {"seconds": seconds, "value": float(value)}


for line in sys.stdin:
    print(json.dumps(handle(json.loads(line))), flush=True)
