# Everything that a newcomer types: make run, make test, make check.
UV_VERSION := 0.13.9
UV := $(shell command -v uv || echo .uv/bin/uv)
export UV_SYSTEM_CERTS := 1

.PHONY: help run test check sync chromium bench-matching

help: ## Dire ce que l’on peut demander
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/'

run: sync ## Démarrer MEG avec sa démonstration (PORT et MEG_DATA_DIR choisissent où)
	@.venv/bin/python manage.py up

test: sync chromium ## Lancer toute la suite de tests
	.venv/bin/pytest -n logical --dist loadgroup

check: sync ## Relire le code : style, couches, types, gabarits, migrations
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	.venv/bin/mypy
	find . -name '*.html' -path '*templates*' -not -path './.*' | xargs .venv/bin/djade --target-version 6.1 --check
	.venv/bin/python manage.py makemigrations --check --dry-run --skip-checks

sync: $(UV)
	@$(UV) sync --locked --quiet

.uv/bin/uv:
	@.ci/install-uv $(UV_VERSION)

chromium: sync
	@.ci/install-chromium

bench-matching: sync ## Mesurer le moteur de rapprochement (SETS choisit des dossiers annotés)
	.venv/bin/python -m bench.matching $(wildcard $(or $(SETS),../shared/matching/*/))
