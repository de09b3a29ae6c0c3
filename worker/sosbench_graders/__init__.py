"""Programs that confirm what LiveBench says of coding answers, run as files. `program_outputs.py` runs an answer in a sandbox and
knows no expected output; `compare_outputs.py` knows them and runs nothing. The standard library alone (Python 3.10 or newer).
"""
