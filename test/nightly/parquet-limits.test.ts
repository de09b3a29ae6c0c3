import '../record/parquet-limits.test.ts';
