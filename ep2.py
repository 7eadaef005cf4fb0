from h import *
import threading, traceback
code = r'''
import os, select, time, sys
NP=30; T=9.0
for i in range(NP-1):
    if os.fork()==0: break
end=time.time()+T
n=0
try:
    E=[select.epoll() for _ in range(85)]
    F=[os.eventfd(0) for _ in range(80)]
    base,top=175,255
    for f in F:
        for k in range(base,top):
            os.dup2(f,k)
        for e in E:
            for k in range(base,top):
                try: e.register(k,1); n+=1
                except OSError as x:
                    if x.errno==28: time.sleep(.01)
                    else: raise
        if time.time()>end: break
except BaseException as x:
    print(n,repr(x),flush=True)
print(n,flush=True)
time.sleep(max(0,end-time.time()))
os._exit(0)
'''
avoid=("namespaces",) if len(sys.argv)>1 and sys.argv[1]=="ll" else ()
with SyncSandboxPool(workers=2,avoid=avoid) as pool:
    print(pool.offer().tier, pool.offer().uid)
    res=[]
    t=threading.Thread(target=lambda: res.append(pool.run(RunRequest(code=code,limits=Limits(wall_seconds=14)))))
    t.start(); t0=time.time()
    while t.is_alive():
        a=time.time()
        try:
            r=pool.run(RunRequest(code="x=1",outputs=("x",)))
            if r.status!='ok' or r.facts.attempts!=1: print('%.1f'%(a-t0),'victim',r.status,r.reason,r.facts.attempts)
        except BaseException as e:
            print('%.1f'%(a-t0),'victim RAISED',repr(e)); time.sleep(.2)
        if time.time()-a>1: print('victim slow',time.time()-a)
        time.sleep(.1)
    t.join()
    for r in res: show('attacker',r)
    print([ (e.worker_id,e.state if hasattr(e,'state') else e, e.reason) for e in pool.events()][-8:])
