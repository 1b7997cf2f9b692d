export { type ClusterOptions, type RunningCluster, startCluster, type Voice } from './cluster.ts'
export type { Member } from './member.ts'
export { layNginx, type NginxLayout } from './nginx.ts'
export { type ClusterPorts, PORTS, portsOf } from './ports.ts'
