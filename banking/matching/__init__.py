"""The matching engine: published invoices against bank lines. Pure: no Django, no Celery, no clock."""
