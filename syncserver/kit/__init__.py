"""What every domain of the server stands on; knows no noun of any of them."""
