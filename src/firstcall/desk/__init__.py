"""The screens that read several phases."""
