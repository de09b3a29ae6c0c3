"""Fake of LiveBench's scorer; see README.md beside the package."""

import argparse
import glob
import json
import os
import signal
import subprocess
import sys
import time

RELEASES = ["2024-06-24", "2024-07-26", "2024-08-31"]


def read_lines(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def write(path, *lines):
    with open(path, "a") as file:
        for line in lines:
            file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")


def answer(question, text, judgments, model, alone):
    line = {
        "question_id": question["question_id"],
        "task": question["task"],
        "model": model,
        "score": 1 if text.startswith("right") else 0,
        "tstamp": 1.0,
        "category": question["category"],
    }
    if "```" in text:
        from livebench.lcb_runner.evaluation.testing_util import grade as grade_program

        line["score"] = grade_program(question, text)
    match text:
        case "raise":
            raise ValueError("the answer was: top secret")
        case "raise in company" if not alone:
            raise ValueError("not on its own")
        case "exit 0":
            sys.exit(0)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "right, slowly":
            time.sleep(4)
        case "hang":
            time.sleep(3600)
        case "leave a daemon and hang":
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3599)"], start_new_session=True)
            time.sleep(3600)
        case "fork":
            for _ in range(400):
                if os.fork() == 0:
                    break
            time.sleep(3600)
        case "memory":
            kept = []
            while True:
                kept.append(bytes(b"x" * 50_000_000))
                time.sleep(0.02)
        case "memory at once":
            try:
                bytes(b"x" * 5_900_000_000)
            except MemoryError:
                line["score"] = 0
        case "flood and die":
            sys.stderr.write("top secret\n" * 30_000 + "TopSecretError: top secret\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        case "fill the disk":
            for number in range(60):
                with open(f"filling-{number}", "wb") as file:
                    file.write(bytes(10_000_000))
        case "silent":
            return
        case "eval_error":
            line.update(score=0, eval_status="eval_error", error_msg="the answer was: top secret")
        case "garbage":
            write(judgments, "{", "null", "[1]", '{"question_id": 1}', '{"score": NaN}')
            return
        case "right among garbage":
            write(judgments, "{", "null", json.dumps({**line, "model": "another", "score": 0}))
        case "twice":
            write(judgments, {**line, "score": 1})
        case "seven":
            line["score"] = 7
        case "half":
            line["score"] = 0.5
        case "true":
            line["score"] = True
        case "forge":
            write(judgments, {**line, "question_id": "another"})
    write(judgments, line)


def grade(bench, args):
    for path in sorted(glob.glob(f"data/{bench}/**/question.jsonl", recursive=True)):
        print("questions from", path)
        known = [release for release in RELEASES if release <= args.livebench_release_option]
        questions = [row for row in read_lines(path) if row["livebench_release_date"] in known]
        if not questions:
            continue
        folder = os.path.dirname(path)
        answers = {
            row["question_id"]: row["choices"][0]["turns"][-1]
            for row in read_lines(f"{folder}/model_answer/{args.model[0]}.jsonl")
        }
        judgments = f"{folder}/model_judgment/ground_truth_judgment.jsonl"
        os.makedirs(os.path.dirname(judgments), exist_ok=True)
        batch = questions[0]["category"] == "instruction_following"
        if batch and any(answers[row["question_id"]] == "raise" for row in questions):
            raise KeyError("in a batch")
        for question in questions:
            try:
                answer(question, answers[question["question_id"]], judgments, args.model[0], len(questions) == 1)
            except Exception as error:
                raise RuntimeError(f"Error occurred evaluating question {question['question_id']}") from error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench-name", nargs="+")
    parser.add_argument("--model", nargs="+")
    parser.add_argument("--question-source", choices=["huggingface", "jsonl"])
    parser.add_argument("--parallel", type=int)
    parser.add_argument("--livebench-release-option", choices=RELEASES)
    arguments = parser.parse_args()
    for name in arguments.bench_name:
        grade(name, arguments)


if __name__ == "__main__":
    main()
