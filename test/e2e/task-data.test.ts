// The short path through a real model; the other cases are in the nightly tier.
import '../trust/task-data.test.ts';
