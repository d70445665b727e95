"""One file a stage: reads what the stage before wrote, does its work, writes, reports."""
