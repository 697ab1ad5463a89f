export class SitesModule {}
