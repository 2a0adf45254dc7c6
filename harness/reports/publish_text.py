"""A publication in a dozen lines of plain text: what would go where, and what went."""

from harness.core.publication import Plan, Published
from harness.text.visible import visible


def plan_text(plan: Plan) -> str:
    """Tell what would be published, file by file."""
    width = max(len(f"{file.bytes:,}") for file in plan.files)
    lines = [
        f"{plan.reference}  {plan.content_hash[:12]}  {plan.title}",
        f"  to        {plan.repo_id}, {_visibility(plan)}",
        f"  tag       {plan.tag}",
        f"  license   {plan.license}",
        f"  gates     {plan.gates}",
        f"  files     {len(plan.files)}, {plan.total_bytes:,} bytes, in one commit",
        *(f"    {file.bytes:>{width},}  {file.path}" for file in plan.files),
    ]
    if plan.withheld:
        lines += [
            "  withheld  pages without a stated 'pages_license'",
            *(f"    {path}" for path in plan.withheld),
        ]
    return "\n".join(map(visible, lines))


def published_text(published: Published) -> str:
    """Tell where the version is, and how to load it."""
    plan = published.plan
    done = "was there already, with this content" if published.was_there else "published and read back"
    lines = [
        f"{plan.reference}  {plan.content_hash[:12]}  {done}",
        f"  commit    {published.commit}",
        f"  tag       {plan.tag}",
        f"  at        {published.url}",
        f'  load      datasets.load_dataset("{plan.repo_id}", revision="{plan.tag}")',
    ]
    return "\n".join(map(visible, lines))


def _visibility(plan: Plan) -> str:
    return "private" if plan.private else "as public as the organisation's new repositories are"
