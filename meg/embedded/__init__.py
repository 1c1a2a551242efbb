"""PostgreSQL and Valkey from their wheels, for whoever has set no `DATABASE_URL` and no `REDIS_URL`.

Nothing here imports Django: manage.py and the tests ask for servers first, the settings then read their addresses.
"""
