"""Who is who: users, access, sign-in, tokens, who may see."""
