# Every target works from a fresh clone with make and a Python 3.11.
SETUP = python=$$(sh setup/find_python.sh) && exec "$$python" -m setup
.DEFAULT_GOAL := help
.PHONY: help run stop logs doctor test train rollback check bench faults audit lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z]*\):.*## /make \1  |/p' Makefile | \
		awk -F'|' '{printf "%-14s%s\n", $$1, $$2}'

run: ## set everything up, start it, print the address and the demo accounts
	@$(SETUP) run

stop: ## stop what make run started
	@$(SETUP) stop

logs: ## follow the logs
	@$(SETUP) logs

doctor: ## say what is missing and how to get it
	@$(SETUP) doctor

test: ## set everything up and run all tests
	@$(SETUP) test

train: ## train the assistant
	@$(SETUP) train

rollback: ## go back to the model before, while all runs
	@$(SETUP) rollback

check: ## format, lint, types
	@$(SETUP) check

bench: ## run the benchmarks
	@$(SETUP) bench

faults: ## break parts on purpose, in full; takes about an hour
	@$(SETUP) faults

audit: ## look the locked packages up among known vulnerabilities
	@$(SETUP) audit

lock: ## resolve the requirements again
	@$(SETUP) lock

clean: ## remove what was built; the database and its secrets stay
	@$(SETUP) clean
