import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hashCluster, hashDocument, indentLikePython } from '../../src/import/lm-eval/doc-hash.ts';
import { FIXTURES, sampleLines } from '../support/imports.ts';

test("a document's hash is the harness's own, though its text went through JSON", () => {
  const cases = JSON.parse(readFileSync(`${FIXTURES}/doc-hashes.json`, 'utf8')) as {
    doc: string;
    hash: string;
  }[];
  for (const { doc, hash } of cases) assert.equal(hashDocument(doc), hash, doc);
});

test('1.0 stays 1.0, and keys stay in their order', () => {
  assert.equal(
    indentLikePython('{"b":1.0,"10":[],"2":[1, {}]}'),
    '{\n  "b": 1.0,\n  "10": [],\n  "2": [\n    1,\n    {}\n  ]\n}',
  );
});

test('every document of a log has the hash that the harness wrote', () => {
  for (const { doc, doc_hash: hash } of sampleLines('wmdp_bio')) {
    assert.equal(hashDocument(JSON.stringify(doc)), String(hash).slice(0, 16));
  }
});

test('the cluster is that of the first fields that are all there, as the worker hashes them', () => {
  const fields = [
    ['category', 'question_index'],
    ['category', 'question'],
  ];
  // sha256('["age", 3]') and sha256('["age", "who?"]'), as Python's json.dumps writes the lists
  assert.equal(
    hashCluster('{"category":"age","question_index":3,"question":"who?"}', fields),
    '24570a400b1f2154',
  );
  assert.equal(
    hashCluster('{"category":"age","question_index":null,"question":"who?"}', fields),
    '183abd4015327b0d',
  );
  assert.equal(hashCluster('{"category":"age"}', fields), null);
});
