"""What Dext publishes, on its way to a purchase and after."""
