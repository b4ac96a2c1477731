"""How a process of ours starts, listens, calls, logs and stores: nothing here knows a word of restorative justice."""
