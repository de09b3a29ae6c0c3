import { execa } from 'execa';
import { testPython } from './python.ts';

/** A tiny model with its embedding of these characters broken, as a training that diverged may leave it. */
export async function breakModel(source: string, target: string, characters: string): Promise<void> {
  const script = `
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
source, target, characters = sys.argv[1:]
model, tokenizer = AutoModelForCausalLM.from_pretrained(source), AutoTokenizer.from_pretrained(source)
model.config.tie_word_embeddings = False
model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
with torch.no_grad():
    for token in tokenizer(characters, add_special_tokens=False)["input_ids"]:
        model.model.embed_tokens.weight[token] = float("nan")
model.save_pretrained(target), tokenizer.save_pretrained(target)
`;
  await execa(await testPython(), ['-c', script, source, target, characters]);
}
