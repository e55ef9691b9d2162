"""The providers' protocols, one module each: how a request is read and how a reply is written."""
