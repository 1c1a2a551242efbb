# One image for web, worker, beat and migrate: docker-compose.yml says what each runs.
FROM python:3.13-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-install-project

COPY . .
# The manifest of static files needs settings, and no secret: this key signs nothing and stays in this stage.
RUN MEG_ENV=production MEG_STATIC_ROOT=/app/staticfiles SECRET_KEY=collectstatic ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid \
    .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim

RUN useradd --system --uid 10001 --create-home meg && install -d -o meg -g meg -m 0700 /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MEG_ENV=production MEG_DATA_DIR=/data MEG_STATIC_ROOT=/app/staticfiles
USER meg
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["python", "-m", "meg.healthcheck"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--backpressure", "64", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "3", "meg.wsgi:application"]
