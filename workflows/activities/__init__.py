"""What a case does outside itself: one module per service called, no decisions."""
