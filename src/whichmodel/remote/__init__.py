"""The shared store: immutable parts and a manifest on object storage, for several writers and readers."""
