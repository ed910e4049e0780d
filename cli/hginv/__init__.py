"""The `hginv` command: reads options, calls one public function of `hginventory`, shows the result."""
