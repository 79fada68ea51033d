def waiting(_): pass
