"""The assistant's hands: one module a flow; each action calls one service."""
