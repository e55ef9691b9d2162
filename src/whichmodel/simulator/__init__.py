"""The demo panel: invented models behind loopback servers that speak the providers' real protocols."""
