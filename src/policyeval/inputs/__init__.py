"""What happened: organisation, waivers, import profile and event exports, as tables."""
