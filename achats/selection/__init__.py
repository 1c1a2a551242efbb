"""What one does with many purchases at once, now or by the worker, and its undo."""
