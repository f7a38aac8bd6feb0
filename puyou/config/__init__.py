"""The roof: settings, addresses, navigation, wiring and schedule."""
