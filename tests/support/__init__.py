"""What tests stand on: a stand-in Graph API, signed webhooks, the application in process and as real processes."""
