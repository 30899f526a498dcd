"""Doubles of payment providers: real servers on loopback with the providers' shapes, for the demo and for tests."""
