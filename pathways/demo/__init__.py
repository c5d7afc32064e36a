"""The demo school: invented people, and files as a school's systems export them."""

from pathways.demo.generate import write_demo
from pathways.demo.loading import ACCOUNTS, DemoError, load

__all__ = ["ACCOUNTS", "DemoError", "load", "write_demo"]
