"""The headers that guard every answer, errors of our own included."""

HTTPS_ONLY = "max-age=31536000; includeSubDomains"
SECURITY = {
    "content-security-policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'; object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Of the one page with dictation, where the school allows it and the student chose it.
HEARING = {"permissions-policy": "camera=(), geolocation=(), microphone=(self)"}
