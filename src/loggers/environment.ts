import type { EnvironmentSpec } from '../system/python/environment-spec.ts';
import type { Logger } from './target.ts';

/** What only this logger needs beside the variables of every Python child. */
export interface LoggerNeeds {
  /** In messages. */
  title: string;
  /** What `pip install` calls it. */
  distribution: string;
  /** Beginnings of the names of variables that it reads, keys among them: no other child gets these. */
  prefixes: readonly string[];
  /** Whole names of such variables. */
  variables: readonly string[];
  /** Those that name a folder: its process starts elsewhere, so a relative one is made absolute. */
  folders: readonly string[];
  warmUp: string;
  /** What to do where it is not let in. */
  remedy: string;
}

export const LOGGER_NEEDS: Readonly<Record<Logger, LoggerNeeds>> = {
  wandb: {
    title: 'Weights & Biases',
    distribution: 'wandb',
    prefixes: ['WANDB_'],
    variables: [],
    folders: ['WANDB_DIR', 'WANDB_DATA_DIR', 'WANDB_CACHE_DIR', 'WANDB_CONFIG_DIR'],
    warmUp: 'import wandb',
    remedy:
      'give its key in WANDB_API_KEY (a secret of the workflow; at a terminal: wandb login), or set WANDB_MODE=offline',
  },
  trackio: {
    title: 'trackio',
    distribution: 'trackio',
    prefixes: ['TRACKIO_'],
    variables: ['HF_TOKEN'],
    folders: ['TRACKIO_DIR', 'HF_HOME'],
    warmUp: 'import trackio',
    remedy:
      'for a Space give HF_TOKEN with write access and TRACKIO_SPACE_ID; without both it logs on this machine',
  },
  mlflow: {
    title: 'MLflow',
    distribution: 'mlflow',
    prefixes: ['MLFLOW_'],
    // Of the stores that MLflow itself writes to: those that name a file or start a program are not among them.
    variables: [
      ...['DATABRICKS_HOST', 'DATABRICKS_TOKEN', 'DATABRICKS_CLIENT_ID', 'DATABRICKS_CLIENT_SECRET'],
      ...['DATABRICKS_AUTH_TYPE', 'DATABRICKS_CONFIG_PROFILE', 'DATABRICKS_WORKSPACE_ID'],
      ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'],
      ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'],
    ],
    folders: [],
    warmUp: 'import mlflow, mlflow.store.tracking.sqlalchemy_store, mlflow.store.tracking.rest_store',
    remedy:
      'check that the server of the address runs, and give MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, where it asks for them; of Databricks DATABRICKS_HOST and DATABRICKS_TOKEN',
  },
  tensorboard: {
    title: 'TensorBoard',
    distribution: 'tensorboard',
    prefixes: [],
    variables: [],
    folders: [],
    warmUp: 'from tensorboard.summary.writer.event_file_writer import EventFileWriter',
    remedy: 'check that the folder can be written to',
  },
};

/** The environment of one logger, by its own lock: wheels alone. */
export function loggerEnvironment(logger: Logger): EnvironmentSpec {
  const { title, warmUp } = LOGGER_NEEDS[logger];
  return {
    name: `the Python environment with ${title}`,
    installs: [{ lock: `loggers/${logger}.lock`, contents: title, wheels: true }],
    minors: { oldest: 10, newest: 14 },
    nltk: null,
    markers: [],
    warmUp,
  };
}
