"""The credex ecosystem as a client sees it: money, members, offers, and the API that keeps them."""
