"""Sign-in at a school's own system: its file, its tokens, its OpenID provider."""
