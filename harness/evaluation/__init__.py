"""Pure evaluation: tasks, metrics, resampling, comparison."""
