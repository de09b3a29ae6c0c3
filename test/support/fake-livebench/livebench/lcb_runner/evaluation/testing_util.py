"""A small grader of programs, of LiveBench's make: it executes an answer in the interpreter that decides and knows what is expected."""

import base64
import json
import multiprocessing
import pickle
import re
import sys
import zlib
from decimal import Decimal
from io import StringIO
from types import ModuleType
from unittest.mock import patch


def get_stripped_lines(val):
    return [line.strip() for line in val.strip().split("\n")]


def is_same_line(line, wanted):
    try:
        return line == wanted or list(map(Decimal, line.split())) == list(map(Decimal, wanted.split()))
    except ArithmeticError:
        return False


def grade_stdio(code, all_inputs, all_outputs):
    all_results = []
    for gt_inp, gt_out in zip(all_inputs, all_outputs):
        module = ModuleType("__main__")
        with patch("sys.stdin", StringIO(gt_inp)), patch("sys.stdout", StringIO()) as captured:
            try:
                exec(code, module.__dict__)
            except SystemExit:
                pass
            prediction = captured.getvalue()
        lines, wanted = get_stripped_lines(prediction), get_stripped_lines(gt_out)
        all_results.append(len(lines) == len(wanted) and all(map(is_same_line, lines, wanted)))
    return all_results


def grade_call_based(code, all_inputs, all_outputs, fn_name):
    module = ModuleType("tmp_sol")
    exec("from typing import *\nfrom collections import *\nimport heapq\n" + code, module.__dict__)
    method = getattr(module.Solution(), fn_name)
    all_results = []
    for inputs, output in zip(all_inputs, all_outputs):
        gt_out = json.loads(output)
        prediction = method(*[json.loads(line) for line in inputs.split("\n")])
        if isinstance(prediction, tuple):
            prediction = list(prediction)
        all_results.append(bool(prediction == gt_out))
    return all_results


def _temp_run(sample, generation, result, metadata_list):
    sys.stderr.flush()
    try:
        if sample["fn_name"] is None:
            res = grade_stdio(generation, sample["inputs"], sample["outputs"])
        else:
            res = grade_call_based(generation, sample["inputs"], sample["outputs"], sample["fn_name"])
    except Exception:
        res = [False]
    result.append(res)
    metadata_list.append({})


def private_tests(text):
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(pickle.loads(zlib.decompress(base64.b64decode(text))))


def grade(question, answer):
    """1 where every test is passed."""
    found = re.findall(r"```(?:python)?\n(.*?)```", answer, flags=re.DOTALL)
    code = (question.get("partial_solution") or "") + "\n" + found[-1] if found else answer
    tests = json.loads(question["public_test_cases"]) + private_tests(question["private_test_cases"])
    sample = {
        "inputs": [test["input"] for test in tests],
        "outputs": [test["output"] for test in tests],
        "fn_name": json.loads(question["original_json"]["metadata"]).get("func_name"),
    }
    context = multiprocessing.get_context("fork")
    manager = context.Manager()
    result, metadata_list = manager.list(), manager.list()
    process = context.Process(target=_temp_run, args=(sample, code, result, metadata_list))
    process.start()
    process.join(timeout=30)
    if process.is_alive():
        process.kill()
    return int(bool(result) and all(result[0]))
