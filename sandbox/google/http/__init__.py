"""The wire: Sheets, Drive, the token endpoint and the sandbox's own controls over HTTP."""
