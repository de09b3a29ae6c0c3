import { F as DEFAULT_CONFIG_FILE, I as resolveSettings, L as SETTINGS } from "./factors.js";
import { resolve } from "node:path";
// src/cli/flags.ts
function addSettings(command, keys) {
	for (const key of keys) {
		const setting = SETTINGS[key];
		const flag = setting.value === null ? `--${key}` : `--${key} <${setting.value}>`;
		command.option(flag, describe(setting));
	}
	return command.option("--config <FILE>", `Configuration file. Default: ${DEFAULT_CONFIG_FILE}, where it exists.`);
}
function describe(setting) {
	const { description, default: fallback } = setting;
	const shown = Array.isArray(fallback) ? fallback.join() : fallback;
	return shown !== void 0 && shown !== "" && shown !== false && typeof shown !== "object" ? `${description} Default: ${shown}.` : description;
}
function readSettings(keys, options, cwd) {
	const given = {};
	for (const key of keys) {
		const value = options[camelCase(key)];
		if (value !== void 0) given[key] = value;
	}
	const named = options.config;
	const path = resolve(cwd, typeof named === "string" ? named : DEFAULT_CONFIG_FILE);
	return resolveSettings(keys, given, {
		path,
		required: named !== void 0
	});
}
function camelCase(key) {
	return key.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}
export { readSettings as n, addSettings as t };
