"""How a notice leaves this machine: e-mail and webhook."""
