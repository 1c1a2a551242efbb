"""What Dext had as supplier rules, what MEG proposes in their place, and what people decide."""
