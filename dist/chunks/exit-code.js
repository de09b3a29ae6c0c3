// src/exit-code.ts
const EXIT = {
	passed: 0,
	failedPolicy: 1,
	notDone: 2
};
export { EXIT as t };
